"""Fits the coefficients of erf in src/passes/legalize_tflite_unary.cpp: near-minimax polynomials by reweighted least squares."""
import numpy as np
from math import erf, erfc
def cheb_fit(f, a, b, deg, w=lambda x:1.0):
    k=np.arange(4000); x=(a+b)/2+(b-a)/2*np.cos(np.pi*(k+.5)/4000)
    y=np.array([f(v) for v in x]); W=np.array([w(v) for v in x])
    # iterative reweighted -> near minimax
    ww=np.ones_like(x)
    V=np.vander(x,deg+1)
    for _ in range(200):
        s=np.sqrt(ww)*W
        c,*_=np.linalg.lstsq(V*s[:,None],y*s,rcond=None)
        r=np.abs((V@c-y)*W)
        ww=ww*(r/r.max()+1e-3)**0.5; ww/=ww.max()
    return c, r.max()
c1,e1=cheb_fit(lambda z: erf(np.sqrt(z))/np.sqrt(z) if z>1e-12 else 2/np.sqrt(np.pi),0,1,7)
# large: erfc(x)=exp(-x^2)*p(t), t=1/(1+x/2), x in [0.9,6]
import math
def g(t):
    x=2*(1/t-1); return math.erfc(x)*math.exp(x*x)
a=1/(1+3.0);b=1/(1+0.45)
c2,e2=cheb_fit(g,a,b,9)
print(e1,e2)
print(', '.join('%.12g'%v for v in c1)); print(', '.join('%.12g'%v for v in c2))
f=np.float32
x=np.linspace(-7,7,400001).astype(f)
h=np.clip(x,-1,1); z=h*h; s=f(0)+f(c1[0])
for v in c1[1:]: s=(s*z+f(v)).astype(f)
small=h*s
m=np.minimum(np.abs(x),f(6)); t=(f(1)/(f(1)+f(.5)*m)).astype(f); p=f(c2[0])
for v in c2[1:]: p=(p*t+f(v)).astype(f)
large=np.sign(x)*(f(1)-np.exp(-(m*m)).astype(f)*p)
y=np.where(np.abs(x)<1,small,large)
ref=np.array([erf(float(v)) for v in x])
print(np.abs(y-ref).max(), (np.abs(y-ref)/np.maximum(np.abs(ref),1e-9)).max())
